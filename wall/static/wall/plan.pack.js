// plan.pack.js: the plan that screens play, and by which clock.

import "wall/plan-text"
import "wall/screen-own"
import "wall/screen-plan-page"
import "wall/screen-time"
