// vote-button.js: "I would come", beside a proposal. Drawn alike for everybody, and filled here with what this browser knows; greyed
// with the reason when the phase, or a missing code, does not allow it.

import { whyNot } from "agenda/board-phase"
import { votes } from "agenda/votes"

class VoteButton extends HTMLElement {
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    this.addEventListener("click", (event) => this.#press(event), { signal: this.#listening.signal })
    this.show()
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  get #proposal() {
    return this.getAttribute("proposal")
  }

  get #why() {
    return this.dataset.why || whyNot("vote")
  }

  show() {
    const button = this.querySelector("button")
    button.setAttribute("aria-pressed", String(votes.has(this.#proposal)))
    if (this.#why) button.setAttribute("aria-disabled", "true")
    else button.removeAttribute("aria-disabled")
  }

  #press(event) {
    event.preventDefault() // the form would leave the page, and could not wait for a network
    if (this.#why) return this.#say(this.#why)
    this.#say("")
    votes.toggle(this.#proposal)
  }

  // Right where somebody has tapped.
  #say(words) {
    let line = this.querySelector(".vote__why")
    if (!line && words === "") return
    if (!line) {
      line = document.createElement("p")
      line.className = "vote__why"
      line.setAttribute("role", "status")
      this.append(line)
    }
    line.textContent = words
  }
}

const showAll = () => {
  for (const button of document.querySelectorAll("vote-button")) button.show()
}

votes.addEventListener("change", showAll)
votes.addEventListener("refused", ({ detail }) => {
  const line = document.querySelector("[data-why-for=vote]")
  if (line && detail.message) line.textContent = detail.message
  if (line) line.hidden = false
})
document.addEventListener("board-phase", showAll)
customElements.define("vote-button", VoteButton)
