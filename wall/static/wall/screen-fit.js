// screen-fit.js: measures posts on the beamer and makes a lone one fit. All sizes come from the stylesheet, in parts of the
// picture's height, and larger where the last row is far away.

import { scaleNow } from "wall/screen-dress"

const LARGEST_VH = 4.6
const SMALLEST_VH = 4
const STEP_VH = 0.1
const LARGE_VH = [6.6, 6, 5.4]
const GAP_VH = 2.6
const WIDEST_GAP_VH = 4.4

// The height a post needs at its normal size, shown or not.
export function heightOf(element) {
  plain(element)
  return element.getBoundingClientRect().height
}

// Whose post it is, as it says itself; "" for somebody without a name.
export const authorOf = (element) => [".post__handle", ".post__name"].map((name) => element.querySelector(name)?.textContent.trim()).find(Boolean) ?? ""

// What may be used: the region's own height, which ends above the heads, and the least gap between two posts.
export function roomOf(host) {
  return { room: host.getBoundingClientRect().height + 0.5, gap: vh(GAP_VH) }
}

// What is left over goes between the posts, as far as they still belong together.
export function spread(host, staged) {
  const { room } = roomOf(host)
  const used = heightsOf(staged)
  const gap = Math.min(vh(WIDEST_GAP_VH), (room - used) / Math.max(1, staged.length - 1))
  host.style.setProperty("--stage-gap", `${Math.max(gap, 0).toFixed(2)}px`)
}

// While there is little to show it stands larger: the largest size at which everything is whole, else the normal one.
export function enlarge(host, staged) {
  const { room, gap } = roomOf(host)
  host.setAttribute("data-large", "")
  for (const size of LARGE_VH.filter((size) => size > LARGEST_VH * scaleNow())) {
    host.style.setProperty("--large", `${size}vh`)
    if (heightsOf(staged) + gap * (staged.length - 1) <= room) return
  }
  host.removeAttribute("data-large")
}

const vh = (part) => (innerHeight * part) / 100

const heightsOf = (staged) => [...staged].reduce((sum, element) => sum + element.getBoundingClientRect().height, 0)

// One post alone may be too tall: its text gets smaller down to what the last row can read, then it ends in "…".
export function fitOne(staged, { room }) {
  if (staged.length !== 1) return
  const [element] = staged
  plain(element)
  const scale = scaleNow()
  for (let size = LARGEST_VH * scale - STEP_VH; element.offsetHeight > room && size >= SMALLEST_VH * scale - 0.001; size -= STEP_VH) {
    element.style.setProperty("--post-size", `${size.toFixed(1)}vh`)
  }
  if (element.offsetHeight <= room) return
  const text = element.querySelector(".post__text")
  const line = Number.parseFloat(getComputedStyle(text).lineHeight)
  const others = element.offsetHeight - text.offsetHeight
  element.style.setProperty("--post-lines", Math.max(1, Math.floor((room - others) / line)))
  element.toggleAttribute("data-clamped", true)
}

function plain(element) {
  element.style.removeProperty("--post-size")
  element.style.removeProperty("--post-lines")
  element.removeAttribute("data-clamped")
}
