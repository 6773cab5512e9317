import { Skeleton, Stack, Table, Text } from "@mantine/core";
import { useAbout } from "../../server/me";
import type { About } from "../../server/types";
import { ProblemNotice } from "../../ui/bits/Notice";
import { useTitle } from "../../ui/bits/useTitle";
import shell from "../../ui/shell/shell.module.css";

export function AboutPage() {
  useTitle("About");
  const about = useAbout();
  return (
    <div className={`${shell.page} ${shell.narrow}`}>
      <Stack gap="lg">
        <div>
          <h1>About Maskwright</h1>
          <Text size="sm" c="dimmed" mt={4}>
            Collaborative image labeling on Segment Anything: workers encode, the request decodes, people
            decide.
          </Text>
        </div>
        {about.error && <ProblemNotice error={about.error} retry={() => about.refetch()} />}
        {about.isPending && <Skeleton h={320} />}
        {about.data && <Facts about={about.data} />}
      </Stack>
    </div>
  );
}

function Facts({ about }: { about: About }) {
  return (
    <>
      <section className={shell.panel}>
        <Table variant="vertical" layout="fixed" withRowBorders={false}>
          <Table.Tbody>
            <Table.Tr>
              <Table.Th w={120}>Version</Table.Th>
              <Table.Td>{about.version}</Table.Td>
            </Table.Tr>
            <Table.Tr>
              <Table.Th>Model</Table.Th>
              <Table.Td>{about.model}</Table.Td>
            </Table.Tr>
          </Table.Tbody>
        </Table>
      </section>
      {about.credits.length > 0 && <Credits credits={about.credits} />}
    </>
  );
}

function Credits({ credits }: { credits: About["credits"] }) {
  return (
    <section className={shell.panel}>
      <h2>Photographs of the demo</h2>
      <Table mt="sm" fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>File</Table.Th>
            <Table.Th>By</Table.Th>
            <Table.Th>Licence</Table.Th>
            <Table.Th>Source</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {credits.map((credit) => (
            <Table.Tr key={credit.file}>
              <Table.Td>{credit.file}</Table.Td>
              <Table.Td>{credit.author}</Table.Td>
              <Table.Td>{credit.licence}</Table.Td>
              <Table.Td>{sourceOf(credit.source)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

/** A link when the source is an address, with the host as its text; the table stays narrow. */
function sourceOf(source: string) {
  if (!/^https?:\/\//.test(source)) return source;
  return (
    <a href={source} rel="noreferrer" target="_blank">
      {new URL(source).hostname}
    </a>
  );
}
