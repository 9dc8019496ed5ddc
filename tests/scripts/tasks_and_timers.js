/* Looks after periodic tasks on the server. */
'use strict';
const tasks = require("@arangodb/tasks"), db = require("@arangodb").db;
const id = "job-" + db._name();
const task = tasks.register({ id, name: "clean up", period: 3600, command: function (params) { return params.x; }, params: { x: 1 } });
print(task.id === id, task.name, task.type, task.period, task.database === db._name());
print(tasks.get(id).name, tasks.get().some((t) => t.id === id));
try { tasks.register({ id, command: "1" }); } catch (e) { print(e.errorNum); }
tasks.unregister(id);
try { tasks.get(id); } catch (e) { print(e.errorNum); }
try { tasks.unregister(id); } catch (e) { print(e.errorNum); }
/* prints
true clean up periodic 3600 true
clean up true
1851
1852
1852
*/
