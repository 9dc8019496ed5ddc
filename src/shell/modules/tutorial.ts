/**
 * The tutorial: one lesson each time it is looked at.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/tutorial`. Source: arangosh.md 2.5. */
export function tutorial({ module }: ModuleScope): void {
  const LESSONS: [title: string, text: string][] = [
    [
      "Welcome to the tutorial!",
      "This shell runs JavaScript. Type an expression such as\n\n  6 * 7\n\nand it prints the value.",
    ],
    ["JavaScript", "Variables keep their values from command to command:\n\n  number = 123;\n  number = number * 10;"],
    [
      "Running complex instructions",
      "A command goes on over several lines while a bracket is open:\n\n  for (var i = 0; i < 3; i++) {\n    print(i);\n  }",
    ],
    [
      "Working with functions",
      "Functions can be defined and called:\n\n  function twice(x) { return 2 * x; }\n  twice(21);",
    ],
    ["Creating a collection", "Documents live in collections. Create one:\n\n  db._create('places');"],
    [
      "Listing collections",
      "See what is there:\n\n  db._collections();\n\nand use a collection by its name:\n\n  db.places;",
    ],
    [
      "Inserting documents",
      "Store a document:\n\n  db.places.insert({ _key: 'paris', name: 'Paris', inhabitants: 2100000 });\n\nThe result tells its id, key and revision.",
    ],
    [
      "Inserting many documents",
      "An array stores many documents in one request:\n\n  db.places.insert([{ name: 'Lyon' }, { name: 'Nice' }]);",
    ],
    ["Looking up documents", "Get a document by its key:\n\n  db.places.document('paris');"],
    ["Checking for documents", "Ask whether a document exists:\n\n  db.places.exists('london');"],
    ["Counting documents", "Ask how many there are:\n\n  db.places.count();"],
    [
      "Updating documents",
      "Change some attributes and keep the others:\n\n  db.places.update('paris', { country: 'France' });",
    ],
    [
      "Replacing documents",
      "Replace everything but the key:\n\n  db.places.replace('paris', { name: 'Paris', visited: true });",
    ],
    ["Removing documents", "Remove a document:\n\n  db.places.remove('paris');"],
    [
      "Searching by example",
      "Find documents that look like an example:\n\n  db.places.byExample({ name: 'Lyon' }).toArray();",
    ],
    ["Queries", "AQL asks for more:\n\n  db._query('FOR p IN places SORT p.name RETURN p.name').toArray();"],
    [
      "Bind variables",
      "Values belong into bind variables:\n\n  db._query('FOR p IN places FILTER p.name == @name RETURN p', { name: 'Nice' });",
    ],
    ["Indexes", "An index makes lookups fast:\n\n  db.places.ensureIndex({ type: 'persistent', fields: ['name'] });"],
    [
      "Databases",
      "Collections belong to databases:\n\n  db._databases();\n  db._createDatabase('travel');\n  db._useDatabase('travel');",
    ],
    [
      "Cleaning up",
      "Drop what you do not need any more:\n\n  db._useDatabase('_system');\n  db._drop('places');\n  db._dropDatabase('travel');",
    ],
  ];
  let next = 0;
  module.exports = {
    _PRINT(context: Loose) {
      if (next >= LESSONS.length) {
        context.output += "\n\nCongratulations! You have finished the tutorial.\n\nType 'tutorial' to start again.\n";
        next = 0;
        return;
      }
      const [title, text] = LESSONS[next]!;
      next++;
      context.output += `\n\n${next}. ${title}\n\n${text}\n\nType 'tutorial' again to get to the next lesson.\n`;
    },
  };
}
