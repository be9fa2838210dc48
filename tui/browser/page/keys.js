// Keys go to the screens as soon as these show, without a click first. Before that there is nobody who could be told.
const beginning = new MutationObserver(() => {
  const keys = document.querySelector(".xterm-helper-textarea");
  if (keys && document.body.classList.contains("-first-byte")) {
    beginning.disconnect();
    keys.focus();
  }
});
window.addEventListener("load", () => beginning.observe(document.body, { attributes: true, attributeFilter: ["class"] }));
