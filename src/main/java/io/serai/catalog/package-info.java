/** What may run: connectors, routes, mappings, as read and judged. */
package io.serai.catalog;
