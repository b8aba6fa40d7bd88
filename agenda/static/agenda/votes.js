// votes.js: what this browser's guest would come to: one box for all buttons of the page. A vote is set at once, sent when it can
// be, and lives at the server; how many there are is told to nobody here.

import { StarBox } from "agenda/star-box"
import { ask } from "eventhub/request"
import { safeStorage } from "eventhub/storage"

const slug = location.pathname.split("/")[1]

export const votes = new StarBox({
  slug,
  storage: safeStorage(),
  names: { known: "votes", wish: "vote" },
  ask: () => ask(`/${slug}/board/own`).then((answer) => mapped(answer, "stars", "votes")),
  put: ({ session, on }, csrf) => ask(`/${slug}/board/votes`, { data: { proposal: session, on }, csrf }).then((answer) => mapped(answer, "session", "proposal")),
  lock: (act) => navigator.locks?.request(`eventhub.votes.${slug}`, act) ?? act(),
})

// What a box of marks calls otherwise than we do.
function mapped(answer, theirs, ours) {
  if (answer?.json && answer.json[ours] !== undefined) answer.json[theirs] = answer.json[ours]
  return answer
}

// What was refused may have been a vote taken back: the server is asked anew what it has.
votes.addEventListener("refused", () => {
  votes.joined = null
  votes.flush()
})

const wake = () => document.hidden || votes.wake()
addEventListener("online", wake)
addEventListener("storage", ({ key }) => key?.startsWith("eventhub.vote") && wake())
document.addEventListener("visibilitychange", wake)
document.addEventListener("stream-state", ({ detail }) => detail.state === "open" && wake())
votes.flush()
