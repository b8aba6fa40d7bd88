// prompt-slide.js: what the hall is being asked, large and with the way to answer: for a while now and then before the wall; or, if
// the keeper says so, together with its newest answers for as long as that stands.

import { fit } from "wall/slide-fit"

const EVERY_MS = 90_000
const FOR_MS = 15_000
const MOST = 4
const ALONE_VH = { largest: 12, smallest: 5, lines: 4 }
const ABOVE_VH = { largest: 7, smallest: 4.6, lines: 2 }

class PromptSlide extends HTMLElement {
  #drawn = ""

  hasContent(at) {
    const asked = this.#asked()
    if (!asked) return false
    return "together" in asked.dataset || at % EVERY_MS < FOR_MS
  }

  draw() {
    const asked = this.#asked()
    const answers = "together" in asked.dataset ? this.#answers(asked) : []
    const look = [asked, ...answers].map(({ dataset }) => `${dataset.key} ${dataset.version}`).join()
    if (look === this.#drawn) return
    this.#drawn = look
    this.querySelector("[data-words]").textContent = asked.textContent
    this.toggleAttribute("data-together", "together" in asked.dataset)
    this.#put(answers)
  }

  // Answers that were taken down leave; no others come.
  tick() {
    for (const copy of this.querySelectorAll("[data-copy-of]")) {
      if (!document.querySelector(`screen-wall > [data-key="${CSS.escape(copy.dataset.copyOf)}"]`)) copy.remove()
    }
  }

  measureAnew() {
    this.#drawn = ""
  }

  #asked() {
    return document.querySelector("#asked > [data-session='']")
  }

  // The wall beside holds the newest posts, and loses at once what is hidden.
  #answers({ dataset }) {
    return [...document.querySelectorAll(`screen-wall > [data-prompt="${dataset.promptNumber}"]`)].slice(0, MOST)
  }

  // Whole ones only: what does not fit is left out, the oldest first.
  #put(answers) {
    const host = this.querySelector("[data-answers]")
    host.replaceChildren(...answers.map((post) => copyOf(post)))
    fit(this, this.querySelector("[data-question]"), answers.length > 0 ? ABOVE_VH : ALONE_VH)
    while (host.children.length > 1 && host.scrollHeight > host.clientHeight + 1) host.lastElementChild.remove()
  }
}

function copyOf(post) {
  const copy = post.cloneNode(true)
  copy.dataset.copyOf = post.dataset.key
  for (const name of ["data-key", "data-new", "data-staged", "style"]) copy.removeAttribute(name)
  return copy
}

customElements.define("prompt-slide", PromptSlide)
