// screen-wall.js: the posts on the beamer. Keeps the last ones as children, measures them, and shows those the plan names,
// whole and newest on top. One region changes at a time; nothing moves otherwise.

import { LiveList } from "live/live-list"
import { authorOf, enlarge, fitOne, heightOf, roomOf, spread } from "wall/screen-fit"
import { moveIn, topsOf } from "wall/screen-move"
import { rehearsedPosts, standing } from "wall/screen-own"
import { Rota } from "wall/screen-plan"
import { serverNow } from "wall/screen-time"

const LOOK_EVERY_MS = 250
const CAUGHT_UP = 4 // more new posts than this in one go are not news any more

class ScreenWall extends LiveList {
  #rota = new Rota()
  #heights = new Map()
  #listening
  #timer
  #observer
  #ready = false
  #dirty = true
  #large = false
  #played = false // something has been put here, if only the question
  #missed = "" // the last post that came while the picture was frozen

  async connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    document.addEventListener("visibilitychange", () => this.#uncovered(), { signal })
    this.#observer = new ResizeObserver(() => this.measureAnew())
    await document.fonts.ready // heights measured in another typeface would be wrong
    this.#ready = true
    this.#observer.observe(document.documentElement)
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.changed()
  }

  disconnectedCallback() {
    this.#listening.abort()
    this.#observer.disconnect()
    clearInterval(this.#timer)
  }

  apply(items) {
    const news = items.filter(({ key, html, redraw }) => html !== null && !redraw && !this.find(key))
    if (frozen()) this.#missed = news.at(-1)?.key ?? this.#missed
    else if (document.hidden || news.length > CAUGHT_UP) this.#rota.restart()
    else for (const { key } of news) this.#rota.arrive(key)
    super.apply(items)
  }

  reset(items) {
    if (!frozen()) this.#rota.restart()
    super.reset(items)
  }

  put(item, options) {
    const element = super.put(item, options)
    element?.toggleAttribute("data-staged", this.#rota.stage.includes(item.key))
    this.#heights.delete(item.key)
    this.#dirty = true
    return element
  }

  // The bar marks what has just entered the stage, not what has just entered the pool.
  mark() {}

  changed() {
    for (const key of this.#heights.keys()) if (!this.find(key)) this.#heights.delete(key)
    this.#look()
    super.changed()
  }

  // What stands there stays until its time is over, even when newer posts push it out of the pool.
  trim() {
    const resting = [...this.keyed()].filter((element) => !element.matches("[data-staged], [data-rehearsed]"))
    for (const element of resting.slice(Number(this.getAttribute("limit")))) element.remove()
  }

  // A covered window gets no frames and slow timers: what it missed is shown at once, not one by one.
  #uncovered() {
    if (!document.hidden) this.#look()
  }

  // Sizes are others now, though the window is the same.
  measureAnew() {
    this.#heights.clear()
    this.#dirty = true
    this.#look()
  }

  #look() {
    if (!this.#ready) return
    this.#clear()
    this.#rehearse()
    this.#catchUp()
    const [kept, playing] = [this.#isKept(), this.#playing()]
    if (!kept) this.dataset.count = playing.length
    if (this.#dirty) this.removeAttribute("data-large") // heights are those of the normal size
    const pool = playing.map((element) => this.#measured(element))
    const change = kept ? null : this.#rota.next(Date.now(), pool, roomOf(this))
    if (!kept) this.#large = this.keyed().length <= 2
    this.#played = true
    if (change) this.#show(change)
    else if (this.#dirty) this.#settle()
    this.#dirty = false
  }

  // Somebody wants the picture to stay: until it is over nothing takes turns and nothing enters, but what is hidden leaves.
  #isKept() {
    return frozen() && this.#played && this.#rota.stage.every((key) => this.find(key))
  }

  // What came while the picture was frozen is shown at once, not one by one.
  #catchUp() {
    if (!this.#missed || frozen()) return
    this.#rota.restart()
    this.#rota.arrive(this.#missed)
    this.#missed = ""
  }

  // While the wall is cleared nothing stands here, not even what has left the window and stayed on the stage.
  #clear() {
    if (!document.querySelector("#standing > [data-step=clear]") || this.keyed().length === 0) return
    for (const element of this.keyed()) element.remove()
    this.#rota.restart()
    this.dataset.count = 0
  }

  // In a rehearsal posts of our own stand here, for as long as it lasts; the real ones wait unseen.
  #rehearse() {
    const posts = rehearsedPosts()
    const there = this.querySelectorAll("[data-rehearsed]")
    if ((posts !== null) === there.length > 0 || document.querySelector("#standing > [data-step=clear]")) return
    for (const element of there) element.remove()
    if (posts !== null) this.append(document.importNode(posts, true))
    for (const element of this.keyed()) element.removeAttribute("data-staged")
    this.#rota.restart()
    this.#dirty = true
    this.#played = false
  }

  // The posts among which turns are taken now.
  #playing() {
    const rehearses = rehearsedPosts() !== null
    return [...this.keyed()].filter((element) => element.hasAttribute("data-rehearsed") === rehearses)
  }

  #measured(element) {
    const { key } = element.dataset
    if (!this.#heights.has(key)) this.#heights.set(key, heightOf(element))
    return { key, height: this.#heights.get(key), chars: element.querySelector(".post__text").textContent.length, author: authorOf(element) }
  }

  #show({ keys, fresh, why }) {
    this.toggleAttribute("data-asking", keys.length === 0)
    const before = topsOf(this)
    for (const element of this.keyed()) {
      element.toggleAttribute("data-staged", keys.includes(element.dataset.key))
      element.toggleAttribute("data-new", why === "arrival" && fresh.includes(element.dataset.key))
    }
    this.#settle()
    if (!document.hidden) moveIn(this, before, why)
  }

  // The last touches: a lone post too tall shrinks; while there are only one or two at all, they stand larger.
  #settle() {
    this.removeAttribute("data-large")
    const staged = this.querySelectorAll("[data-staged]")
    fitOne(staged, roomOf(this))
    if (this.#large) enlarge(this, staged)
    spread(this, staged)
  }
}

const frozen = () => standing("freeze", serverNow()) !== null

customElements.define("screen-wall", ScreenWall)
