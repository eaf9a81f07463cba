/** The hub's verbs for programs, over HTTP. */
package io.serai.api;
