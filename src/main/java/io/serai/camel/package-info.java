/** The {@code serai:} component, and how the catalog's files are started and swapped. */
package io.serai.camel;
