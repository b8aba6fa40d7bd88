// screen-sign.js: says every few seconds, and when another slide comes, that this screen is there, what it shows and how it is; and
// which posts stood on it. The answer brings the server's clock, and whether there is a new build.

import { ask, csrfOf } from "eventhub/request"
import { awakeNow } from "wall/awake"
import { rehearsalNow } from "wall/screen-own"
import { Stood } from "wall/screen-stood"
import { learn, offsetMs, serverNow } from "wall/screen-time"

const LOOK_EVERY_MS = 1_000
const SIGN_EVERY_MS = 10_000
const CLOSEST_MS = 2_000 // however quickly slides change
const TRANSPORTS = { open: "socket", polling: "polling" }
const WHOLE = "[data-slide=wall][data-shown] [data-staged]:not([data-clamped]), [data-slide=spotlight][data-shown] [data-stage] > [data-key]"

class ScreenSign extends HTMLElement {
  #timer
  #listening
  #stood = new Stood()
  #shown = { scene: "", slide: "", since: 0 }
  #sentAt = -Infinity
  #wanted = false
  #asking = false

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    document.addEventListener("screen-turn", () => this.#look(), { signal })
    document.addEventListener("visibilitychange", () => this.#soon(), { signal })
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  disconnectedCallback() {
    this.#listening.abort()
    clearInterval(this.#timer)
  }

  #soon() {
    this.#wanted = true
    this.#look()
  }

  // A rehearsal tells nobody that something stood there; neither does a covered window.
  #look() {
    const seen = document.hidden || rehearsalNow() ? [] : [...document.querySelectorAll(WHOLE)].map(({ dataset }) => dataset.key)
    this.#stood.see(seen, serverNow())
    this.#note(document.body.dataset.scene ?? "", document.querySelector("[data-slide][data-shown]")?.dataset.slide ?? "")
    const waited = performance.now() - this.#sentAt
    if (this.#asking || !this.#shown.slide) return
    if (waited >= SIGN_EVERY_MS || (this.#wanted && waited >= CLOSEST_MS)) this.#send()
  }

  #note(scene, slide) {
    if (scene === this.#shown.scene && slide === this.#shown.slide) return
    this.#wanted = true
    this.#shown = { scene, slide, since: slide === this.#shown.slide ? this.#shown.since : serverNow() }
  }

  async #send() {
    this.#sentAt = performance.now()
    this.#wanted = false
    this.#asking = true
    const stood = this.#stood.take(serverNow())
    const form = this.querySelector("form")
    const sentAt = Date.now()
    const answer = await ask(form.action, { data: this.#said(stood), csrf: csrfOf(form), timeoutMs: SIGN_EVERY_MS })
    this.#asking = false
    if (answer?.status === 200) this.#heard(answer.json, sentAt)
    else if (answer?.status !== 422) this.#stood.giveBack(stood) // a sign that is refused would be refused again
    if (answer) this.#refused(answer)
  }

  #said(stood) {
    const state = document.querySelector("event-stream")?.dataset.state
    const { scene, slide, since } = this.#shown
    return {
      scene,
      slide,
      since: Math.round(since),
      width: innerWidth,
      height: innerHeight,
      offset_ms: offsetMs(),
      transport: TRANSPORTS[state] ?? "",
      awake: awakeNow(),
      covered: document.hidden ? "1" : "0",
      build: this.#build,
      stood: JSON.stringify(stood.map(([key, from, until]) => [key, Math.round(from), Math.round(until)])),
    }
  }

  get #build() {
    return document.querySelector("event-stream")?.getAttribute("build") ?? ""
  }

  #heard({ now, build }, sentAt) {
    learn({ sentAt, cameAt: Date.now(), now })
    if (build && build !== this.#build) this.#renew(build)
  }

  // Only our own server signs a screen off: a proxy's page says nothing of it. A page that is too old to be believed is renewed.
  #refused({ status, json }) {
    const code = json?.error?.code
    if (!code || (status !== 403 && status !== 404)) return
    if (code === "csrf") this.#renew(code)
    else document.dispatchEvent(new CustomEvent("screen-signed-off"))
  }

  #renew(build) {
    document.dispatchEvent(new CustomEvent("new-build", { cancelable: true, detail: { build } }))
  }
}

customElements.define("screen-sign", ScreenSign)
