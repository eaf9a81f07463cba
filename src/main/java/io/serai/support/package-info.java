/** Ids and JSON; small enough to be ashamed of growing. */
package io.serai.support;
