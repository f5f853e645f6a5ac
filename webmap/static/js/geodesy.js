/** Where is a point, and how long is a line? Geodesic measures and French plane coordinates; pure.
 *
 * Lengths and areas are geodesic on GRS80 (GeographicLib); plane coordinates are Lambert-93
 * (EPSG:2154) and the conic zone of the place, CC42 to CC50 (EPSG:3942 to 3950), through proj4.
 * Points are [lon, lat] in degrees.
 */

const LAMBERT93 =
  "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 +units=m +no_defs";
const ZONES = { first: 42, last: 50 };
const FRANCE = { west: -6, east: 10, south: 41, north: 52 };

/** The conic zone of a latitude: 49 in Paris, 43 in Martigues; null outside metropolitan France. */
export function zoneOf(lat) {
  const zone = Math.round(lat);
  return zone >= ZONES.first && zone <= ZONES.last ? zone : null;
}

function zoneDefinition(zone) {
  return (
    `+proj=lcc +lat_0=${zone} +lon_0=3 +lat_1=${zone - 0.75} +lat_2=${zone + 0.75}` +
    ` +x_0=1700000 +y_0=${(zone - 41) * 1_000_000 + 200_000} +ellps=GRS80 +units=m +no_defs`
  );
}

const inFrance = ([lon, lat]) =>
  lon >= FRANCE.west && lon <= FRANCE.east && lat >= FRANCE.south && lat <= FRANCE.north;

/** Degrees, minutes and seconds of an angle, with its letter. */
export function sexagesimal(degrees, [positive, negative]) {
  const seconds = Math.round(Math.abs(degrees) * 36_000) / 10;
  const minutes = Math.floor(seconds / 60);
  const shown = (seconds - minutes * 60).toFixed(1).replace(".", ",");
  return `${Math.floor(minutes / 60)}° ${String(minutes % 60).padStart(2, "0")}′ ${shown.padStart(4, "0")}″ ${degrees < 0 ? negative : positive}`;
}

function numbersOf(text) {
  // A comma between digits without a space is a decimal comma unless it separates two decimals.
  const cleaned = text.trim().replaceAll(/[;\t]/g, " ");
  const french = !/\d\.\d/.test(cleaned) && /\d,\d/.test(cleaned);
  const parts = (french ? cleaned.replaceAll(/(\d),(\d)/g, "$1.$2") : cleaned).split(/[\s,]+/).filter(Boolean);
  const numbers = parts.map(Number);
  return numbers.length === 2 && numbers.every(Number.isFinite) ? numbers : null;
}

function sexagesimalPair(text) {
  const pattern = /(\d+(?:[.,]\d+)?)\s*°\s*(?:(\d+(?:[.,]\d+)?)\s*[′'’]\s*)?(?:(\d+(?:[.,]\d+)?)\s*(?:″|"|''|’’)\s*)?([NSEWO])/gi;
  const angles = [...text.matchAll(pattern)].map(([, d, m, s, letter]) => {
    const value = [d, m, s].reduce((sum, part, i) => sum + Number((part ?? "0").replace(",", ".")) / 60 ** i, 0);
    return { letter: letter.toUpperCase(), value: /[SWO]/i.test(letter) ? -value : value };
  });
  const lat = angles.find(({ letter }) => "NS".includes(letter));
  const lon = angles.find(({ letter }) => "EWO".includes(letter));
  return lat && lon ? [lon.value, lat.value] : null;
}

/**
 * The measures, on the two libraries.
 * @param {Function} proj4
 * @param {object} geodesic the GeographicLib module
 */
export function geodesy(proj4, geodesic) {
  const lambert93 = proj4("WGS84", LAMBERT93);
  const ellipsoid = new geodesic.Geodesic.Geodesic(6378137, 1 / 298.257222101);

  const toZone = (point) => {
    const zone = zoneOf(point[1]);
    return zone === null ? null : { zone, at: proj4("WGS84", zoneDefinition(zone)).forward(point) };
  };

  /** Plane coordinates, recognised by their size: Lambert-93, or a conic zone by its false northing. */
  const fromPlane = ([x, y]) => {
    if (y > 6_000_000 && y < 7_200_000 && x > 0 && x < 1_300_000) {
      return { at: lambert93.inverse([x, y]), system: "Lambert-93" };
    }
    const zone = Math.floor((y - 200_000 + 500_000) / 1_000_000) + 41;
    if (x > 1_000_000 && x < 2_400_000 && zone >= ZONES.first && zone <= ZONES.last) {
      return { at: proj4("WGS84", zoneDefinition(zone)).inverse([x, y]), system: `CC${zone}` };
    }
    return null;
  };

  return {
    /** Lambert-93 coordinates [x, y] in metres; null outside France. */
    lambert93: (point) => (inFrance(point) ? lambert93.forward(point) : null),

    /** The conic zone and its coordinates, {zone, at: [x, y]}; null outside France. */
    conic: (point) => (inFrance(point) ? toZone(point) : null),

    /** Geodesic length of a line in metres. */
    length: (points) =>
      points.slice(1).reduce((sum, [lon, lat], i) => {
        const [fromLon, fromLat] = points[i];
        return sum + ellipsoid.Inverse(fromLat, fromLon, lat, lon).s12;
      }, 0),

    /** Geodesic area of a ring (closed by itself) in square metres. */
    area: (points) => {
      const polygon = ellipsoid.Polygon(false);
      for (const [lon, lat] of points) polygon.AddPoint(lat, lon);
      return Math.abs(polygon.Compute(false, true).area);
    },

    /** Length in the Lambert-93 plane, metres; null outside France. */
    planeLength: (points) => {
      if (!points.every(inFrance)) return null;
      const plane = points.map((point) => lambert93.forward(point));
      return plane.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - plane[i][0], y - plane[i][1]), 0);
    },

    /**
     * Read coordinates as people write them: degrees (latitude first, or the other way round when
     * only that lies in France), degrees-minutes-seconds, Lambert-93 or a conic zone.
     * @returns {{lon: number, lat: number, system: string} | null}
     */
    parse: (text) => {
      const angles = sexagesimalPair(text);
      if (angles) return { lon: angles[0], lat: angles[1], system: "WGS84" };
      const numbers = numbersOf(text);
      if (!numbers) return null;
      const [first, second] = numbers;
      if (Math.abs(first) <= 180 && Math.abs(second) <= 180) {
        const swapped = !inFrance([second, first]) && inFrance([first, second]);
        const [lon, lat] = swapped ? [first, second] : [second, first];
        return Math.abs(lat) <= 90 ? { lon, lat, system: "WGS84" } : null;
      }
      const plane = fromPlane(numbers) ?? fromPlane([second, first]);
      return plane && { lon: plane.at[0], lat: plane.at[1], system: plane.system };
    },
  };
}
