// screen-renewal.js: loads the page of a screen again when only a new one will do, and never before the server has answered with it:
// a beamer shows no error of its browser. A new build waits for a change of slide; what somebody asked for by hand does not.

import { mayReload } from "live/event-stream"
import { pageAnswers } from "live/renewal"
import { ownScreen } from "wall/screen-own"

export class Renewal {
  #build = ""
  #language
  #reload
  #loading = false

  constructor(signal) {
    const stream = document.querySelector("event-stream")
    const own = stream?.getAttribute("build") ?? ""
    const told = (event) => {
      event.preventDefault()
      if (event.detail.build && event.detail.build !== own) this.#build = event.detail.build
    }
    document.addEventListener("new-build", told, { signal })
    document.addEventListener("live-change", () => this.#asked(), { signal })
    ;({ language: this.#language, reload: this.#reload } = ownScreen())
  }

  // A slide's turn begins: now a new page disturbs least.
  turn() {
    if (this.#build && mayReload(this.#build)) this.#load()
  }

  // Somebody has asked this screen to load anew, or to speak another language.
  #asked() {
    const { language, reload } = ownScreen()
    const wanted = this.#language !== undefined && language !== undefined && (language !== this.#language || reload !== this.#reload)
    if (language !== undefined) [this.#language, this.#reload] = [language, reload]
    if (wanted) this.#load()
  }

  async #load() {
    if (this.#loading) return
    this.#loading = true
    await pageAnswers(location.href, { spreadMs: 0 })
    location.reload()
  }
}
