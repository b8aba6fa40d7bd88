// photo-again.js: asks again for photos that have not come, a few times and ever more seldom; until then their plate is quiet.
// Shows nothing of its own, and stops when a photo is taken away.

const FIRST_MS = 4_000
const TRIES = 6

export function watchPhotos(root = document, wait = (again, ms) => setTimeout(again, ms)) {
  const tries = new WeakMap()

  function missing(image) {
    const plate = plateOf(image)
    if (!plate) return
    plate.setAttribute("data-missing", "")
    const tried = tries.get(image) ?? 0
    if (tried >= TRIES) return
    tries.set(image, tried + 1)
    wait(() => image.isConnected && image.setAttribute("src", image.getAttribute("src")), FIRST_MS * 2 ** tried)
  }

  root.addEventListener("error", ({ target }) => missing(target), { capture: true })
  root.addEventListener("load", ({ target }) => plateOf(target)?.removeAttribute("data-missing"), { capture: true })
  // Those that failed before this module was there.
  for (const image of root.querySelectorAll(".picture__image[src]")) if (image.complete && image.naturalWidth === 0) missing(image)
}

const plateOf = (image) => image.closest?.(".picture")

watchPhotos()
