// board-own.js: a guest's own proposals and how each stands. No frame says whose they are: with every change of the barcamp they are
// asked for anew, by those alone who have some.

import { ask } from "eventhub/request"
import { wait } from "live/backoff"
import { fragment } from "live/fragment"
import { draws } from "live/press"

const SPREAD_MS = 500 // many have proposed something, and hear of it in the same moment
const RETRY_MS = 5000
const TRIES = 5

class BoardOwn extends HTMLElement {
  #listening
  #turn = 0

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    document.addEventListener("board-news", () => this.querySelector("[data-own-key]") && this.renew(), { signal })
    document.addEventListener("proposal-sent", () => this.renew({ spread: 0 }), { signal })
  }

  disconnectedCallback() {
    this.#listening.abort()
    this.#turn += 1
  }

  // Of several changes the last one counts: only then is what was fetched as new as they are.
  async renew({ spread = SPREAD_MS } = {}) {
    const turn = (this.#turn += 1)
    await wait(Math.random() * spread)
    for (let left = TRIES; left > 0 && turn === this.#turn; left -= 1) {
      const answer = await ask(`/${this.getAttribute("slug")}/board/own`)
      if (turn !== this.#turn) return
      if (answer?.status === 200 && typeof answer.json?.html === "string") return draws(this, () => this.#show(answer.json.html))
      await wait(RETRY_MS * (1 + Math.random()))
    }
  }

  #show(html) {
    const next = fragment(html)
    const current = this.querySelector("[data-own]")
    if (!next || current.isEqualNode(next)) return
    const focused = document.activeElement?.closest("[data-own-key]")?.dataset.ownKey
    current.replaceWith(next)
    if (focused) next.querySelector(`[data-own-key="${CSS.escape(focused)}"] a`)?.focus({ preventScroll: true })
  }
}

customElements.define("board-own", BoardOwn)
