// Before the first paint: the language and type size this browser chose last time.
(function () {
  "use strict";
  try {
    if (localStorage.getItem("laofashi.large") === "1") document.documentElement.dataset.large = "";
    if (localStorage.getItem("laofashi.language") === "en") document.documentElement.lang = "en";
  } catch {
    // storage is forbidden here: Chinese, ordinary type
  }
})();
