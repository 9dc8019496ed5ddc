/* Lists who may do what, and finds accounts that may do more than their role says. */
"use strict";
const users = require("@arangodb/users");
const { db } = require("@arangodb");
const own = db._name();
const name = (part) => `${part}_${own}`;
db._create("salaries");
db._create("holidays");
const roles = { clerk: "ro", manager: "rw", guest: "none" };
Object.keys(roles).forEach((role) => {
  users.save(name(role), "pw", role !== "guest", { role });
  if (roles[role] !== "none") users.grantDatabase(name(role), own, roles[role]);
});
users.grantCollection(name("clerk"), own, "holidays", "rw");
users.grantCollection(name("manager"), own, "salaries", "none");
const accounts = users.all().filter((u) => u.user.endsWith("_" + own)).sort((a, b) => a.user < b.user ? -1 : 1);
for (const { user, active, extra } of accounts) {
  const rights = ["salaries", "holidays"].map((c) => c + "=" + users.permission(user, own, c)).join(" ");
  print(extra.role, active ? "active" : "locked", users.permission(user, own), rights);
}
const tooMuch = accounts.filter((u) => u.extra.role === "clerk" && users.permission(u.user, own, "holidays") === "rw");
tooMuch.forEach((u) => {
  print("taking back", u.extra.role);
  users.revokeCollection(u.user, own, "holidays");
});
print(users.permission(name("clerk"), own, "holidays"));
users.revokeDatabase(name("manager"), own);
print(users.permission(name("manager"), own), users.permission(name("manager"), own, "holidays"));
print(users.permission(name("clerk"))[own]);
Object.keys(roles).forEach((role) => users.remove(name(role)));
print(users.exists(name("clerk")));
/* prints
clerk active ro salaries=ro holidays=rw
guest locked none salaries=none holidays=none
manager active rw salaries=none holidays=rw
taking back clerk
ro
none none
ro
false
*/
