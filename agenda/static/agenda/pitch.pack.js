// pitch.pack.js: the desk beside the pitches.

import "agenda/pitch-clock"
import "agenda/pitch-desk"
import "agenda/pitch-draft"
import "agenda/pitch-fields"
import "agenda/pitch-pad"
import "agenda/pitch-parts"
import "agenda/pitch-post"
