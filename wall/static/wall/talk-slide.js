// talk-slide.js: who speaks about what and until when, while they do. Nothing moves but one line of time. On the stage monitor the
// remaining time stands large instead: countdown-slide.js.

import { progress } from "agenda/arrange"
import { say } from "wall/screen-slots"
import { Slide } from "wall/slide"
import { element } from "wall/slide-cards"
import { fit } from "wall/slide-fit"
import { peopleOf, speaking, spellHere } from "wall/slide-spell"

const TITLE_VH = { largest: 12, smallest: 5, lines: 4 }
const IN_ROWS = 3 // so many people have a row each

class TalkSlide extends Slide {
  #told = { start: 0, end: 0 }

  hasContent(at) {
    return speaking(spellHere(at).now) !== undefined
  }

  draw(at) {
    const { now, ends } = spellHere(at)
    const slot = speaking(now)
    if (!slot) return
    const { percent } = progress({ start: slot.start, end: ends ?? slot.end }, at)
    this.style.setProperty("--over", `${percent.toFixed(1)}%`)
    super.draw(at)
  }

  // It may run over while the picture is kept: then no time is left.
  tick(at) {
    const { start, end } = this.#told
    const { minutes, percent } = progress({ start, end }, at)
    this.style.setProperty("--over", `${percent.toFixed(1)}%`)
    this.part("left").textContent = at < end ? this.#left(minutes) : ""
  }

  look(at) {
    const { now, ends } = spellHere(at)
    const slot = speaking(now)
    const end = ends ?? slot.end
    return { slot, end, people: peopleOf(slot), ...progress({ start: slot.start, end }, at), percent: 0 }
  }

  put({ slot, end, people, minutes }) {
    const words = this.dataset
    this.#told = { start: slot.start, end }
    const kind = words[slot.kind] ?? words.talk
    this.part("kind").textContent = say(words.until, { kind, time: this.time(end) })
    this.part("title").textContent = slot.title
    this.part("people").replaceChildren(...people.flatMap(personIn(people.length <= IN_ROWS)))
    this.part("left").textContent = this.#left(minutes)
    fit(this, this.part("stage"), TITLE_VH)
  }

  #left(minutes) {
    return say(minutes === 1 ? this.dataset.minute : this.dataset.minutes, { minutes })
  }
}

// One person: the name, and what they are.
function personIn(rows) {
  return ([name, what], at) => {
    const person = element(rows ? "div" : "span", "talk__person")
    person.append(element("b", "", name, { dir: "auto" }))
    if (what) person.append(", ", element("bdi", "", what))
    return rows || at === 0 ? [person] : ["\u00a0· ", person]
  }
}

customElements.define("talk-slide", TalkSlide)
