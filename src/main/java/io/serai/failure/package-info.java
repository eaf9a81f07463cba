/** What can go wrong, by name. */
package io.serai.failure;
