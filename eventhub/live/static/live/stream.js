// stream.js: keeps groups of topics in step with the server, over a socket, or over HTTP when sockets fail. Says what changed
// in events ("items", "reset", "state", "reload"); draws nothing and decides nothing about content.

import { afterEnd } from "live/backoff"
import { Connection, addressOf } from "live/connection"
import { Fallback, wholeList } from "live/fallback"
import { pageAnswers } from "live/renewal"
import { Replica } from "live/replica"

const STALE_MS = 10_000
const FRESH_MS = 6_000 // longer than a beat: a socket heard within it needs no probe
const PROBE_SPREAD_MS = 2_000

export class Stream extends EventTarget {
  #ask
  #build
  #dial
  #replicas = new Map()
  #connection = null
  #fallback = null
  #generation = 0
  #failures = 0
  #state = ""
  #heardAt = 0
  #retry
  #stale
  #listening = null
  #reloading = false

  // `dial` makes the socket; tests bring their own.
  constructor({ slug, language, build = "", dial = (url) => new WebSocket(url) }) {
    super()
    this.#ask = { slug, language, replicas: this.#replicas }
    this.#build = build
    this.#dial = dial
  }

  has(group) {
    return this.#replicas.has(group)
  }

  // A group that is added later says hello again: the server learns of it by a new connection.
  subscribe(group, topics, cursor) {
    this.#replicas.set(group, new Replica(group, topics, cursor))
    if (this.#listening) this.#connect()
  }

  open() {
    if (this.#listening) return
    this.#listening = new AbortController()
    const { signal } = this.#listening
    addEventListener("online", () => this.#probe(), { signal })
    addEventListener("pagehide", () => this.#hangUp(), { signal })
    addEventListener("pageshow", ({ persisted }) => persisted && this.#connect(), { signal })
    document.addEventListener("visibilitychange", () => this.#probe(), { signal })
    this.#heard()
    this.#connect()
  }

  close() {
    this.#listening?.abort()
    this.#listening = null
    clearTimeout(this.#stale)
    this.#hangUp()
  }

  // Every connection is a generation of its own: what still arrives from an older one is dropped.
  #connect() {
    this.#drop()
    if (this.#state === "denied" || !this.#listening) return
    const generation = this.#generation
    const current = (act) => (value) => generation === this.#generation && act(value)
    this.#connection = new Connection(this.#dial(addressOf(this.#ask.slug)), {
      hello: () => this.#hello(),
      message: current((message) => this.#arrived(message)),
      end: current((code) => this.#lost(code)),
    })
  }

  #drop() {
    this.#generation += 1
    clearTimeout(this.#retry)
    this.#connection?.end()
    this.#connection = null
  }

  #hangUp() {
    this.#drop()
    this.#fallback?.stop()
    this.#fallback = null
  }

  #hello() {
    const subs = {}
    for (const { group, topics, cursor } of this.#replicas.values()) subs[group] = { topics, cursor }
    return { t: "hello", subs, language: this.#ask.language, build: this.#build }
  }

  #arrived(message) {
    this.#failures = 0
    this.#fallback?.stop()
    this.#fallback = null
    this.#heard("open")
    if (message.t === "bye") this.#again(Math.random() * (message.after_ms ?? 0))
    else if (message.t === "reload") this.#renew(message)
    else this.#take(message)
  }

  #take(message) {
    const replica = this.#replicas.get(message.g)
    if (!replica) return
    const outcome = replica.receive(message, {
      items: (items) => this.#say("items", { group: message.g, items }),
      reset: (items) => this.#say("reset", { group: message.g, items }),
    })
    if (outcome === "catch-up") this.#connection?.send({ t: "catch-up", g: replica.group, cursor: replica.cursor })
    if (outcome === "list") this.#fetchList(replica)
  }

  async #fetchList(replica) {
    const generation = this.#generation
    const message = await wholeList(this.#ask, replica, () => generation === this.#generation)
    if (message) this.#take(message)
  }

  #lost(code) {
    const next = afterEnd(code, (this.#failures += 1), { hidden: document.hidden })
    if (next.denied) return this.#deny()
    this.#again(next.delayMs)
    if (!next.polls || this.#fallback) return
    this.#fallback = new Fallback(this.#ask, {
      take: (message) => this.#take(message),
      heard: () => this.#heard("polling"),
      denied: () => this.#deny(),
    })
  }

  #again(delay) {
    this.#drop()
    this.#retry = setTimeout(() => this.#connect(), delay)
  }

  #probe() {
    if (document.hidden || this.#state === "denied") return
    if (this.#connection?.heard && Date.now() - this.#heardAt < FRESH_MS) return
    this.#again(Math.random() * PROBE_SPREAD_MS)
  }

  #deny() {
    this.#hangUp()
    clearTimeout(this.#stale)
    this.#become("denied")
  }

  // Contact was made, by socket or by poll. Ten seconds without any make the page say so; the picture stays.
  #heard(state) {
    this.#heardAt = Date.now()
    clearTimeout(this.#stale)
    this.#stale = setTimeout(() => this.#become("stale"), STALE_MS)
    if (state) this.#become(state)
  }

  async #renew({ build, after_ms: spreadMs = 0 }) {
    if (this.#reloading) return
    this.#reloading = true
    await pageAnswers(location.href, { spreadMs })
    this.#say("reload", { build })
  }

  #become(state) {
    if (this.#state === state) return
    this.#state = state
    this.#say("state", { state, heardAt: this.#heardAt })
  }

  #say = (type, detail) => this.dispatchEvent(new CustomEvent(type, { detail }))
}
