// notice-slide.js: what everybody has to know at once, as large as it fits, and nothing else.

import { standing } from "wall/screen-own"
import { serverNow } from "wall/screen-time"
import { Slide } from "wall/slide"
import { fit } from "wall/slide-fit"

const WORDS_VH = { largest: 15, smallest: 4.6, lines: 12 }

class NoticeSlide extends Slide {
  // A notice stands by the true time, also in a rehearsal.
  hasContent() {
    return standing("notice", serverNow()) !== null
  }

  look() {
    return { words: standing("notice", serverNow())?.textContent.trim() ?? "" }
  }

  put({ words }) {
    this.part("words").textContent = words
    fit(this, this.part("box"), WORDS_VH)
  }
}

customElements.define("notice-slide", NoticeSlide)
