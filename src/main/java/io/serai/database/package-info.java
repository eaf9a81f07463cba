/** PostgreSQL, ours or yours, proven durable before it is trusted. */
package io.serai.database;
