// live-some.js: a live list of those items of its topic only that say so themselves: <live-some topic="programme" field="session"
// value="5"> keeps what carries data-session="5". What comes to say something else leaves.
//
// After a reset only what the topic's window holds stays, perhaps less than the page had shown: rather one too few than one
// that has been taken away meanwhile.

import { fragment } from "live/fragment"
import { LiveList } from "live/live-list"

// Whether an item carries what `host` asks for.
export const concerns = (host, html) => fragment(html)?.dataset[host.getAttribute("field")] === host.getAttribute("value")

class LiveSome extends LiveList {
  put(item, options) {
    const wanted = item.html === null || concerns(this, item.html)
    return super.put(wanted ? item : { ...item, html: null }, options)
  }
}

customElements.define("live-some", LiveSome)
