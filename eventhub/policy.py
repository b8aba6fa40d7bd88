"""The Content-Security-Policy of every page: nothing foreign, one inline script by its hash."""

from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts

from eventhub.templatetags.eventhub import map_hash


class PolicyMiddleware(CSPMiddleware):
    """Adds the import map's hash and Trusted Types, of which the admin's jQuery would die."""

    sync_capable = True
    async_capable = False

    def get_policy_parts(
        self, request: Any, response: Any, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and not request.path.startswith("/admin/"):
            parts.update = {
                "script-src": [map_hash()],
                "require-trusted-types-for": ["'script'"],
                "trusted-types": ["eventhub"],
            }
        return parts
