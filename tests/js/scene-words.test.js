import { equal, test } from "harness"
import { sayScene } from "wall/scene-words"

const NOON = Date.UTC(2026, 9, 7, 12)
const HOUR = 3_600_000
const PATTERNS = { zone: "UTC", language: "en", words: { soon: "soon", many: "{n} until {time}", pause: "break until {time}", before: "start {time}", day: "{day} {time}", over: "thanks" } }
const words = (spell) => sayScene({ now: [], next: [], ends: null, ...spell }, NOON, PATTERNS)
const slot = (hours, roomName = "Hall") => ({ start: NOON + hours * HOUR, roomName })

test("the bar says in each scene what fits it", () => {
  const said = [
    words({ scene: "before", next: [slot(1)] }),
    words({ scene: "talk", now: [slot(-1)] }),
    words({ scene: "ending", now: [slot(-1)] }),
    words({ scene: "break", next: [slot(0.5)] }),
    words({ scene: "sessions", now: [slot(-1), slot(-1)], ends: NOON + HOUR }),
    words({ scene: "after" }),
    words({ scene: "after", next: [slot(20)] }),
  ]

  equal(said, ["start 13:00", "Hall", "soon", "break until 12:30", "2 until 13:00", "thanks", "Thursday 08:00"])
})

test("where a scene has no words of its own the programme speaks", () => {
  equal([words({ scene: "talk" }), words({ scene: "pitch" }), words({ scene: "break", now: [slot(-1)] }), words({ scene: "before", next: [slot(30)] })], [null, null, null, null])
})
