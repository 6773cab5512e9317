import { Button, Table, Text, VisuallyHidden } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ExportInclude, ExportInfo } from "../../../server/types";
import { Bar } from "../../../ui/bits/Bar";
import { Chip } from "../../../ui/bits/Chip";
import { bytes, count } from "../../../ui/bits/number";
import { RelativeTime } from "../../../ui/bits/RelativeTime";
import { exactTime } from "../../../ui/bits/time";
import shell from "../../../ui/shell/shell.module.css";

const WORDS: Record<ExportInclude, string> = {
  accepted: "accepted",
  not_rejected: "not rejected",
  all: "all",
};

export const ExportTable = ({ exports }: { exports: ExportInfo[] }) => (
  <div className={shell.table}>
    <Table fz="sm" verticalSpacing={8}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>As of</Table.Th>
          <Table.Th>Includes</Table.Th>
          <Table.Th ta="right">Images</Table.Th>
          <Table.Th ta="right">Objects</Table.Th>
          <Table.Th ta="right">Size</Table.Th>
          <Table.Th w={180}>State</Table.Th>
          <Table.Th w={124}>
            <VisuallyHidden>Download</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {exports.map((item) => (
          <Row key={item.id} item={item} />
        ))}
      </Table.Tbody>
    </Table>
  </div>
);

function Row({ item }: { item: ExportInfo }) {
  return (
    <Table.Tr>
      <Table.Td>
        {item.name || "Export"}
        <Text size="xs" c="dimmed" component="div">
          {item.created_by.name}, <RelativeTime at={item.created_at} />
        </Text>
      </Table.Td>
      <Table.Td title={`After event ${item.event_seq} of the project`}>
        {exactTime(new Date(item.as_of))}
      </Table.Td>
      <Table.Td>{WORDS[item.include]}</Table.Td>
      <Table.Td ta="right">{item.image_count !== null && count(item.image_count)}</Table.Td>
      <Table.Td ta="right">{item.annotation_count !== null && count(item.annotation_count)}</Table.Td>
      <Table.Td ta="right">{item.bytes !== null && bytes(item.bytes)}</Table.Td>
      <Table.Td>
        <State item={item} />
      </Table.Td>
      <Table.Td ta="right">
        {item.file_url && (
          <Button
            component="a"
            href={item.file_url}
            download
            variant="default"
            leftSection={<IconDownload size={14} />}
          >
            Download
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function State({ item }: { item: ExportInfo }) {
  if (item.state === "ready") return <Chip tone="ok">ready</Chip>;
  if (item.state === "failed") {
    return (
      <>
        <Chip tone="bad">failed</Chip>
        <Text size="xs" c="dimmed">
          {item.error} Nothing was lost; make the export again.
        </Text>
      </>
    );
  }
  return (
    <>
      <Chip tone="accent" hollow={item.state === "queued"}>
        {item.state === "queued" ? "queued" : `${Math.round(item.progress * 100)} %`}
      </Chip>
      <Bar label="Progress of the export" total={1} parts={[{ value: item.progress, tone: "accent" }]} />
    </>
  );
}
