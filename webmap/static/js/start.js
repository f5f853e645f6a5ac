/**
 * In what order does the page of the map come to life? What is seen comes before what answers: the scripts of the map are
 * fetched meanwhile (`link[data-then]`), and run when the first picture has been painted or is too long in coming.
 */

import { afterFrame } from "./after-frame.js";
import { layOutAll, painted } from "./first-picture.js";

// Milliseconds that the map waits for its picture at most.
const PATIENCE = 400;

/** Run a script after those before it. */
function run({ href, rel }) {
  const script = document.createElement("script");
  script.src = href;
  script.async = false;
  if (rel === "modulepreload") script.type = "module";
  document.head.append(script);
}

const whole = document.readyState !== "loading" || new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
await Promise.all([whole, Promise.race([painted.then(afterFrame), late])]);
layOutAll();
for (const link of document.querySelectorAll("link[data-then]")) run(link);
