// Quick add: opens "New quick add" in Salesforce, filled in from the page being looked at.
// It reads the page that is open in the recruiter's own browser, once, when clicked. It asks no server for anything
// and stores nothing; what it read stands in the form, and is only saved when the recruiter saves it.
// `warmbench bookmarklet https://YOUR-ORG.lightning.force.com` makes the link of this.
(function (org) {
  "use strict";
  var LONGEST_NOTE = 1000;
  var LONGEST_URL = 255;

  function clean(text, length) {
    return (text || "").replace(/\s+/g, " ").trim().slice(0, length || 255);
  }

  function first(selector, prefix) {
    var link = document.querySelector(selector);
    if (!link) return "";
    var value = link.getAttribute("href").slice(prefix.length).split("?")[0];
    try {
      return clean(decodeURIComponent(value), 80);
    } catch (broken) {
      return clean(value, 80);
    }
  }

  function meta(name) {
    var found = document.querySelector('meta[property="' + name + '"], meta[name="' + name + '"]');
    return found ? clean(found.content) : "";
  }

  // What sites call a person's page: "Ann Lee - Nurse - Harbour Hospital | LinkedIn", "annlee (Ann Lee) · GitHub".
  function person() {
    var title = clean(document.title).replace(/^\(\d+\)\s*/, "");
    var bare = title.split(/\s[|·]\s/)[0];
    var inBrackets = /^[\w-]+ \(([^)]+)\)$/.exec(bare);
    if (inBrackets) return { name: inBrackets[1] };
    var parts = bare.split(/\s[-–—]\s/);
    var heading = document.querySelector("h1");
    var given = clean(meta("profile:first_name") + " " + meta("profile:last_name"));
    return { name: given || (parts.length > 1 ? parts[0] : clean(heading && heading.textContent) || bare),
             title: parts[1], employer: parts[2] };
  }

  function profile() {
    var here = location.host.replace(/^www\./, "") + location.pathname;
    var isProfile = /(^|\.)linkedin\.com\/in\/[^/]+|^github\.com\/[^/]+\/?$|^orcid\.org\/[\dX-]+|^(xing|stackoverflow)\.com\/(profile|users)\//;
    return isProfile.test(here) ? location.origin + location.pathname : "";
  }

  function address() {
    var plain = location.origin + location.pathname;
    return location.href.length <= LONGEST_URL ? location.href : plain.length <= LONGEST_URL ? plain : location.origin;
  }

  var who = person();
  var values = {
    Full_Name__c: who.name,
    Title__c: who.title,
    Employer__c: who.employer,
    Email__c: first('a[href^="mailto:"]', "mailto:"),
    Phone__c: first('a[href^="tel:"]', "tel:"),
    Profile_URL__c: profile(),
    Source_URL__c: address(),
    Note__c: clean(String(window.getSelection()), LONGEST_NOTE)
  };
  var filled = Object.keys(values).filter(function (name) { return values[name]; }).map(function (name) {
    return name + "=" + encodeURIComponent(values[name]);
  });
  var target = org + "/lightning/o/Quick_Add__c/new?defaultFieldValues=" + filled.join(",");
  window.open(target, "_blank", "noopener");
})("ORG");
