/** When has the browser shown what was drawn? In the task after its next frame. */
export function afterFrame() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}
