// plan-ask.js: a card was put where another one stands: what shall happen? Nothing does before somebody has said so: the question has
// the focus, or the Enter that put the card there would answer it.

// Answers "swap", "exchange", "merge" or "nothing".
export function ask(board, thing, other, choices) {
  const dialog = board.querySelector("[data-ask]")
  const words = choices.length === 1 && choices[0] === "merge" ? "askMerge" : "askSwap"
  dialog.querySelector(".ask__words").textContent = board.post.words(words, { title: thing.title, other: other.title })
  const buttons = [...dialog.querySelectorAll("[data-act]")]
  for (const button of buttons) button.hidden = !["nothing", ...choices].includes(button.dataset.act)
  return new Promise((resolve) => {
    dialog.returnValue = "nothing"
    for (const button of buttons) button.onclick = () => dialog.close(button.dataset.act)
    dialog.onclose = () => resolve(dialog.returnValue)
    dialog.showModal()
  })
}
