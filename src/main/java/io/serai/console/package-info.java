/**
 * The console: pages where people see what stopped, understand it, and put it back to work. Every
 * page reads and every button acts through what the REST interface uses.
 */
package io.serai.console;
