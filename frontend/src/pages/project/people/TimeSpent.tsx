import { Button, Table, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { useActiveTimes } from "../../../server/images";
import { flat } from "../../../server/pages";
import shell from "../../../ui/shell/shell.module.css";

/** "4 s", "2 min 5 s", "1 h 3 min": how long somebody really worked. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return minutes < 60 ? `${minutes} min ${rest} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Who has worked how long on which image. Nothing at all until somebody has. */
export function TimeSpent({ projectId }: { projectId: string }) {
  const times = useActiveTimes(projectId);
  const rows = flat(times.data);
  if (rows.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h5" mb={4}>
        Time on images
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Only while the page is open and somebody does something. The longest first.
      </Text>
      <div className={shell.table}>
        <Table fz="sm" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Person</Table.Th>
              <Table.Th>Image</Table.Th>
              <Table.Th ta="right">Time</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ image, image_name, person, seconds }) => (
              <Table.Tr key={`${image} ${person.id}`}>
                <Table.Td>{person.name}</Table.Td>
                <Table.Td>
                  <Link to={`/images/${image}`}>{image_name}</Link>
                </Table.Td>
                <Table.Td ta="right">{duration(seconds)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {times.hasNextPage && (
        <Button
          variant="default"
          mt="xs"
          onClick={() => times.fetchNextPage()}
          loading={times.isFetchingNextPage}
        >
          More
        </Button>
      )}
    </section>
  );
}
