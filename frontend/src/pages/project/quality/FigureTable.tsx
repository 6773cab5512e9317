import { Table } from "@mantine/core";
import type { ReactNode } from "react";

export interface Column<Row> {
  word: string;
  value: (row: Row) => ReactNode;
  /** What a heading of one word leaves open. */
  title?: string;
}

interface FigureTableProps<Row> {
  label: string;
  /** The first one names the row, the others are numbers. */
  columns: Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}

export function FigureTable<Row>({ label, columns, rows, keyOf }: FigureTableProps<Row>) {
  const [name, ...numbers] = columns;
  return (
    <Table fz="sm" verticalSpacing={4} aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ word, title }, at) => (
            <Table.Th key={word} ta={at === 0 ? "left" : "right"} title={title}>
              {word}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={keyOf(row)}>
            <Table.Td>{name?.value(row)}</Table.Td>
            {numbers.map(({ word, value }) => (
              <Table.Td key={word} ta="right">
                {value(row)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
