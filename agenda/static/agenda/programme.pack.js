// programme.pack.js: now and next, and the programme by day.

import "agenda/day-groups"
import "agenda/now-next"
import "agenda/programme-day"
