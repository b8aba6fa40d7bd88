// desk-keys.js: the desk by keyboard: j and k move, z shows, n does not show, s stops, l passes over, u takes the last answer back.
// Knows only buttons.

const CARDS = "[data-list=pending] > [data-kind=post]:not([data-piled]:not([aria-current])), [data-list=shown] > [data-kind=post]"

// `press(button)` gives the answer the button stands for; `look(card)` and `later(card)` say what a card is to this moderator.
export function deskKeys(board, signal, { press, later, look }) {
  const cards = () => [...board.querySelectorAll(CARDS)]
  const selected = () => board.querySelector(`[aria-current="true"]`) ?? board.querySelector(CARDS)

  function select(card) {
    for (const other of board.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current")
    card.setAttribute("aria-current", "true")
    card.focus({ preventScroll: true })
    card.scrollIntoView({ block: "nearest" })
    look(card)
  }

  function move(step) {
    const all = cards()
    const current = board.querySelector(`[aria-current="true"]`)
    const next = current ? all.indexOf(current) + step : 0
    if (all[next]) select(all[next])
  }

  // Of what waits the server gives the next one, and the mark goes there.
  function answer(act) {
    const button = selected()?.querySelector(`[data-act="${act}"]`)
    if (button && !(board.hasAttribute("data-settling") && button.closest("[data-list=pending]"))) press(button)
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    z: () => answer("show"),
    n: () => answer("hide"),
    s: () => answer("hold"),
    l: () => later(selected()),
    u: () => board.querySelectorAll("[role=status]:not([hidden]) > [data-act=undo]").forEach(press),
  }

  document.addEventListener("keydown", (event) => {
    const elsewhere = event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest?.("input, textarea, select")
    if (elsewhere || !keys[event.key]) return
    event.preventDefault()
    keys[event.key]()
  }, { signal })
}
