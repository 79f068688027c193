"""A look at the employer's pages: signs in as a person would, and returns the pages.

The standard library's HTTP, without proxies, and only to this computer.
Not here: reading the pages (``page_text``).
"""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http.cookiejar import CookieJar

from fyraften_agent.demo.employer import Employer, EmployerError, no_answer
from fyraften_policy.languages import mark

_TOKEN = re.compile(r'name="token" value="([^"]+)"')


class Visit:
    """Somebody at the employer who is signed in."""

    def __init__(self, employer: Employer, language: str) -> None:
        self._url, self._language = employer.url, language
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
        token = _TOKEN.search(self.page("/login"))
        if token is None:
            raise EmployerError(mark("The demonstration's service showed no form to sign in."))
        self._ask("/login", {"token": token[1], "account": employer.account, "password": employer.password})

    def page(self, path: str) -> str:
        """Return the page at ``path`` as HTML."""
        return self._ask(path, None)

    def _ask(self, path: str, form: Mapping[str, str] | None) -> str:
        content = None if form is None else urllib.parse.urlencode(form).encode("ascii")
        request = urllib.request.Request(self._url + path, content, {"Accept-Language": self._language})
        try:
            with self._opener.open(request, timeout=30) as answer:
                return str(answer.read().decode("utf-8"))
        except urllib.error.HTTPError as failure:
            failure.close()
            raise EmployerError(
                mark("The demonstration's service answered {path} with status {status}."),
                path=path,
                status=failure.code,
            ) from failure
        except OSError as failure:
            raise no_answer(failure) from failure
