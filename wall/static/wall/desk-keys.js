// desk-keys.js: the desk by keyboard: j and k move, z shows, n does not show, u takes the last answer back. Knows only buttons.

const CARDS = "[data-list=pending] > [data-kind=post], [data-list=shown] > [data-kind=post]"

// `press(button)` gives the answer the button stands for.
export function deskKeys(board, signal, press) {
  const cards = () => [...board.querySelectorAll(CARDS)]
  const selected = () => board.querySelector(`[aria-current="true"]`) ?? board.querySelector(CARDS)

  function select(card) {
    for (const other of board.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current")
    card.setAttribute("aria-current", "true")
    card.focus({ preventScroll: true })
    card.scrollIntoView({ block: "nearest" })
  }

  function move(step) {
    const all = cards()
    const current = board.querySelector(`[aria-current="true"]`)
    const next = current ? all.indexOf(current) + step : 0
    if (all[next]) select(all[next])
  }

  // The neighbour takes the mark before the card leaves, so that the next key has somewhere to go.
  function answer(act) {
    const card = selected()
    const button = card?.querySelector(`[data-act="${act}"]`)
    if (!button) return
    if (card.dataset.state === "pending" && card.nextElementSibling) select(card.nextElementSibling)
    press(button)
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    z: () => answer("show"),
    n: () => answer("hide"),
    u: () => board.querySelectorAll("[role=status]:not([hidden]) > [data-act=undo]").forEach(press),
  }

  document.addEventListener("keydown", (event) => {
    const elsewhere = event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest?.("input, textarea, select")
    if (elsewhere || !keys[event.key]) return
    event.preventDefault()
    keys[event.key]()
  }, { signal })
}
