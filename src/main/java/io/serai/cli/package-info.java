/** The hub's verbs for terminals. */
package io.serai.cli;
