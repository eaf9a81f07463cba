/** What we owe a partner, how the asking goes, and what came of it. */
package io.serai.outbox;
