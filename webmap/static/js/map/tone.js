/** Is the ground light or dark now? For canvases, which cannot hold the pair of colours that `tones` writes. */

let paper = false;
window.addEventListener("beforeprint", () => (paper = true));
window.addEventListener("afterprint", () => (paper = false));

/** The one of two colours that shows now; paper is always light. */
export function toneNow(light, dark) {
  const isDark = !paper && getComputedStyle(document.documentElement).colorScheme === "dark";
  return isDark ? (dark ?? light) : light;
}

/** Act whenever `toneNow` may answer otherwise than before. */
export function onToneChange(act) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", act);
  for (const moment of ["appearance", "beforeprint", "afterprint"]) window.addEventListener(moment, act);
}
