// screen-dress.js: how a screen looks as it is set: light or dark, and how far away its last row sits. Whatever is set while it
// stands there is seen at once; only another language needs a new page (wall/screen-renewal).

// Dresses the page. True when sizes may have changed, so that everything has to be measured anew.
export function dress({ theme, distance }, root = document.documentElement, asked = new URLSearchParams(location.search).get("theme")) {
  const wanted = asked === "dark" ? asked : theme
  if (wanted && root.dataset.theme !== wanted) root.dataset.theme = wanted
  if (!distance || root.dataset.distance === distance) return false
  root.dataset.distance = distance
  root.style.setProperty("--distance", distance)
  return true
}
