// event-stream.js: one stream for the whole page; hands what arrives to every element that carries the item's topic.

import { draws } from "live/press"
import { Stream } from "live/stream"

const RELOAD_AGAIN_MS = 300_000

class EventStream extends HTMLElement {
  #stream

  async connectedCallback() {
    const stream = new Stream({
      slug: this.getAttribute("slug"),
      language: this.getAttribute("language") ?? "",
      build: this.getAttribute("build") ?? "",
    })
    this.#stream = stream
    stream.subscribe("shared", this.#topics(), this.getAttribute("cursor"))
    if (this.hasAttribute("mine-cursor")) stream.subscribe("mine", ["mine"], this.getAttribute("mine-cursor"))
    stream.addEventListener("items", ({ detail }) => this.#hand(detail.items))
    stream.addEventListener("reset", ({ detail }) => this.#replace(detail))
    stream.addEventListener("state", ({ detail }) => this.#tell(detail))
    stream.addEventListener("reload", ({ detail }) => this.#renew(detail.build))
    // A frame must not meet an element whose module has not run yet.
    const names = new Set([...document.querySelectorAll("[topic]")].map(({ localName }) => localName))
    await Promise.all([...names].map((name) => customElements.whenDefined(name)))
    if (this.#stream === stream) stream.open()
  }

  disconnectedCallback() {
    this.#stream.close()
    this.#stream = null
  }

  // The visitor has become somebody with notes of their own: from now on their states arrive, too.
  followMine() {
    if (!this.#stream.has("mine")) this.#stream.subscribe("mine", ["mine"], "0.0")
  }

  #topics() {
    return (this.getAttribute("topics") ?? "").split(/[\s,]+/).filter(Boolean)
  }

  #hand(items) {
    for (const [topic, some] of groupByTopic(items)) for (const element of followers(topic)) draws(element, () => element.apply(some))
  }

  #replace({ group, items }) {
    const topics = group === "mine" ? ["mine"] : this.#topics()
    for (const topic of topics) {
      const some = items.filter((item) => item.topic === topic)
      for (const element of followers(topic)) draws(element, () => element.reset(some))
    }
  }

  // A page that may not be loaded again at any moment, such as a beamer's, says so and does it itself.
  #renew(build) {
    const told = new CustomEvent("new-build", { bubbles: true, cancelable: true, detail: { build } })
    if (this.dispatchEvent(told) && mayReload(build)) location.reload()
  }

  #tell(detail) {
    this.dataset.state = detail.state
    this.dispatchEvent(new CustomEvent("stream-state", { bubbles: true, detail }))
  }
}

// Two processes of different builds must not send a page back and forth: one reload for each build within a while. Asking counts.
export function mayReload(build) {
  const name = `eventhub.reloaded.${build}`
  try {
    if (Date.now() - Number(sessionStorage.getItem(name)) < RELOAD_AGAIN_MS) return false
    sessionStorage.setItem(name, String(Date.now()))
  } catch {
    return false // without storage nothing could stop the second one
  }
  return true
}

const followers = (topic) => document.querySelectorAll(`[topic="${CSS.escape(topic)}"]`)

function groupByTopic(items) {
  const groups = new Map()
  for (const item of items) groups.set(item.topic, [...(groups.get(item.topic) ?? []), item])
  return groups
}

customElements.define("event-stream", EventStream)
