// clock.js: times of day in the event's zone, whatever zone the device is in. Pure.

const formats = new Map()

function format(zone, language, options) {
  const name = JSON.stringify([zone, language, options])
  if (!formats.has(name)) formats.set(name, new Intl.DateTimeFormat(language, { timeZone: zone || undefined, ...options }))
  return formats.get(name)
}

// clock(zone)(ms) -> "10:32", the same in every language.
export function clock(zone) {
  return (ms) => format(zone, "en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(ms)
}

// weekday(zone, language)(ms) -> "Freitag"
export function weekday(zone, language) {
  return (ms) => format(zone, language, { weekday: "long" }).format(ms)
}

// True when both moments lie on the same calendar day of the zone.
export function sameDay(zone, one, other) {
  const day = format(zone, "en-CA", { year: "numeric", month: "2-digit", day: "2-digit" })
  return day.format(one) === day.format(other)
}
