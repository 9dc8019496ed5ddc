/* Creates the users of an application; running it twice changes nothing. */
'use strict';
const users = require("@arangodb/users");
const internal = require("internal");
const dbName = internal.db._name();
const wanted = [
  { name: "app_reader_" + dbName, grant: "ro" },
  { name: "app_writer_" + dbName, grant: "rw" },
];
for (const round of [1, 2]) {
  wanted.forEach((u) => {
    if (users.exists(u.name)) {
      print(round, "known", u.name);
      users.update(u.name, "secret-" + round);
    } else {
      const made = users.save(u.name, "secret", true, { created: "by script" });
      print(round, "made", made.user, made.active, made.code);
    }
    users.grantDatabase(u.name, dbName, u.grant);
    print(users.permission(u.name, dbName));
  });
}
internal.db._create("ledger");
users.grantCollection(wanted[0].name, dbName, "ledger", "none");
print(users.permission(wanted[0].name, dbName, "ledger"));
print(users.document(wanted[1].name).extra);
print(users.isValid(wanted[0].name, "secret-2"), users.isValid(wanted[0].name, "secret"));
wanted.forEach((u) => users.remove(u.name));
try { users.remove(wanted[0].name); } catch (err) { print(String(err)); }
try { users.save(""); } catch (err) { print(err.errorNum); }
/* prints
1 made app_reader_user_setup true 201
ro
1 made app_writer_user_setup true 201
rw
2 known app_reader_user_setup
ro
2 known app_writer_user_setup
rw
none
{ 
  "created" : "by script" 
}
true false
ArangoError 1703: user not found
1700
*/
