// screen-dress.js: how a screen looks as it is set: light or dark, and how far away its last row sits. Whatever is set while it
// stands there is seen at once; only another language needs a new page (wall/screen-renewal).

const NEAR = 8 // picture heights to the last row: up to there everything is as large as it was drawn
const LARGEST = 1.4 // times; beyond it a wall of posts is none any more

// Dresses the page. True when sizes may have changed, so that everything has to be measured anew.
export function dress({ theme, distance, picture }, root = document.documentElement, asked = new URLSearchParams(location.search).get("theme")) {
  const wanted = asked === "dark" ? asked : theme
  if (wanted && root.dataset.theme !== wanted) root.dataset.theme = wanted
  const scale = scaleFor(Number(distance), Number(picture) / 100)
  if (!scale || root.dataset.scale === scale) return false
  root.dataset.scale = scale
  root.style.setProperty("--scale", scale)
  return true
}

// How many times as large reading text has to be for a last row so many metres away; "" if either is unknown.
export function scaleFor(distanceM, pictureM) {
  return distanceM && pictureM ? Math.min(LARGEST, Math.max(1, distanceM / pictureM / NEAR)).toFixed(2) : ""
}

export const scaleNow = (root = document.documentElement) => Number(root.dataset.scale) || 1
