/** Figures about the business, each with its stored definition and the orders behind it. */
package io.serai.kpi;
