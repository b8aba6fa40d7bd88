// slide-fit.js: as large as the picture allows: a text or a page of cards shrinks until it is whole, then its titles end in "…".
// Sizes are parts of the picture's height (vh); nothing gets smaller than what the last row can read.

import { scaleNow } from "wall/screen-dress"

const STEP = 0.1

// Sets --size on `host`, and --lines if even the smallest size is too large. `box`: what must not overflow.
// A last row that is far away gets larger letters, unless something would then be cut off.
export function fit(host, box, { largest, smallest, lines = 3 }) {
  const far = Math.min(largest, smallest * scaleNow())
  if (!shrink(host, box, largest, far, lines) && far > smallest) shrink(host, box, largest, smallest, lines)
}

// Whether everything is whole.
function shrink(host, box, largest, smallest, lines) {
  host.removeAttribute("data-clamped")
  host.style.removeProperty("--lines")
  if (isWhole(box, host, largest)) return true
  let [fits, tooLarge] = [Math.round(smallest / STEP), Math.round(largest / STEP)]
  if (isWhole(box, host, smallest)) {
    while (tooLarge - fits > 1) {
      const middle = Math.floor((fits + tooLarge) / 2)
      if (isWhole(box, host, middle * STEP)) fits = middle
      else tooLarge = middle
    }
    return isWhole(box, host, fits * STEP)
  }
  host.toggleAttribute("data-clamped", true)
  for (let count = lines; count >= 1; count -= 1) {
    host.style.setProperty("--lines", count)
    if (isWhole(box, host, smallest)) return true
  }
  return false
}

function isWhole(box, host, size) {
  host.style.setProperty("--size", `${size.toFixed(1)}vh`)
  return box.scrollHeight <= box.clientHeight + 1 && box.scrollWidth <= box.clientWidth + 1
}
