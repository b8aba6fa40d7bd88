// board-page.js: keeps a barcamp's page in step with its phase: what is greyed and why, what comes first, who is on stage. Its lists
// follow the stream by themselves.

import { onStage, phase, whyNot } from "agenda/board-phase"

const BUSY = ["collect", "pitch"] // proposals come before the board

class BoardPage extends HTMLElement {
  #listening
  #phase = ""

  connectedCallback() {
    this.#listening = new AbortController()
    this.addEventListener("live-change", ({ target }) => this.#changed(target), { signal: this.#listening.signal })
    this.#phase = phase()
    this.#show()
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  #changed(target) {
    if (target.getAttribute("topic") !== "board") return
    const before = this.#phase
    this.#phase = phase()
    if (this.#phase !== before) this.#turn(before)
    this.#show()
    document.dispatchEvent(new CustomEvent("board-news"))
  }

  // Another phase: the list that people need now stands first, and proposing opens or folds.
  #turn(before) {
    const busy = BUSY.includes(this.#phase)
    if (busy !== BUSY.includes(before)) {
      this.toggleAttribute("data-busy", busy)
      const [waiting, placed] = ["waiting", "placed"].map((name) => this.querySelector(`[data-part=${name}]`))
      if (busy) placed.before(waiting)
      else waiting.before(placed)
      const fold = this.querySelector(".propose__fold")
      if (fold && !fold.contains(document.activeElement)) fold.open = busy
      const [whenBusy, later] = this.querySelector(".pitches").dataset.heads.split("|")
      this.querySelector("#proposals").textContent = busy ? whenBusy : later
    }
    document.dispatchEvent(new CustomEvent("board-phase"))
  }

  #show() {
    for (const line of this.querySelectorAll("[data-why-for]")) {
      const words = whyNot(line.dataset.whyFor)
      const needless = line.dataset.whyFor === "vote" && !this.querySelector(".pitch")
      if (line.textContent !== words) line.textContent = words
      line.hidden = words === "" || needless
    }
    for (const button of this.querySelectorAll("[data-deed]")) {
      if (whyNot(button.dataset.deed)) button.setAttribute("aria-disabled", "true")
      else button.removeAttribute("aria-disabled")
    }
    this.#showStage()
  }

  // What stands on the card is what is on stage: it may have been corrected since.
  #showStage() {
    const key = onStage()
    for (const card of this.querySelectorAll(".pitch")) {
      const here = card.dataset.key === key
      card.toggleAttribute("data-on-stage", here)
      card.querySelector(".pitch__stage").hidden = !here
      const title = this.querySelector("[data-stage-title]")
      const words = card.querySelector(".pitch__title").textContent
      if (here && title && title.textContent !== words) title.textContent = words
    }
  }
}

customElements.define("board-page", BoardPage)
