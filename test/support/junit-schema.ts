/** What readers of JUnit files take: the elements and attributes that Jenkins, Surefire and GitLab agree on, as an XML Schema. */
const text = (name: string, required = false): string => `<x:attribute name="${name}" type="x:string"${required ? ' use="required"' : ''}/>`;
const seconds = '<x:attribute name="time" type="seconds"/>';
const outcome = (name: string): string => `<x:element name="${name}"><x:complexType mixed="true">${text('message')}${text('type')}</x:complexType></x:element>`;

export const junitSchema = `<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema">
  <x:simpleType name="seconds"><x:restriction base="x:string"><x:pattern value="[0-9]+(\\.[0-9]+)?"/></x:restriction></x:simpleType>
  ${['failure', 'error', 'skipped'].map(outcome).join('\n  ')}
  <x:element name="testcase"><x:complexType>
    <x:choice minOccurs="0" maxOccurs="unbounded"><x:element ref="failure"/><x:element ref="error"/><x:element ref="skipped"/></x:choice>
    ${text('name', true)}${text('classname')}${seconds}
  </x:complexType></x:element>
  <x:element name="testsuite"><x:complexType>
    <x:sequence><x:element ref="testcase" minOccurs="0" maxOccurs="unbounded"/></x:sequence>
    ${['name', 'tests', 'failures', 'errors'].map((name) => text(name, true)).join('')}${text('skipped')}${seconds}
  </x:complexType></x:element>
  <x:element name="testsuites"><x:complexType>
    <x:sequence><x:element ref="testsuite" minOccurs="0" maxOccurs="unbounded"/></x:sequence>
    ${['name', 'tests', 'failures', 'errors'].map((name) => text(name)).join('')}${seconds}
  </x:complexType></x:element>
</x:schema>`;
